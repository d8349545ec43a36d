export { createStudioSim, type StudioSim, type StudioSimOptions } from './studio-sim.ts';
