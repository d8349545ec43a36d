export { type HelperClient } from './helper-client.ts';
