export { createHelperClient, type HelperClient, type HelperOptions } from './helper-client.ts';
export { HelperError } from './helper-error.ts';
