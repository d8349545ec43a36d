import { TierName } from '@aistudio/core';
import { Gauge, type Registry } from 'prom-client';

import { type Load } from '../jobs/load.ts';
import { type Health } from './health.ts';

/** The system at one moment, as all API processes see it alike. */
export interface SystemState {
  readonly health: Health;
  /** Undefined: not known, Redis is away. */
  readonly load: Load | undefined;
}

/** Gauges that show what they are given, and nothing of what they were given before. */
export function createSystemGauges(registry: Registry): (state: SystemState) => void {
  const registers = [registry];
  const ready = new Gauge({
    name: 'aistudio_part_ready',
    help: '1 while the part can do its work',
    labelNames: ['part'],
    registers,
  });
  const usable = new Gauge({
    name: 'aistudio_tier_usable',
    help: '1 while the tier would be tried',
    labelNames: ['tier'],
    registers,
  });
  const slots = new Gauge({
    name: 'aistudio_slots',
    help: 'Pages by what they are doing',
    labelNames: ['instance', 'state'],
    registers,
  });
  const models = new Gauge({
    name: 'aistudio_models',
    help: 'Models that AI Studio offers',
    registers,
  });
  const prompts = new Gauge({
    name: 'aistudio_prompts',
    help: 'Prompts that are not answered yet',
    labelNames: ['state'],
    registers,
  });
  const cooldown = new Gauge({
    name: 'aistudio_model_cooldown_seconds',
    help: 'How much longer a model’s quota rests',
    labelNames: ['model'],
    registers,
  });

  const eventLoop = new Gauge({
    name: 'aistudio_event_loop_delay_seconds',
    help: 'How late the event loop of a process was within the last second',
    labelNames: ['process', 'instance', 'of'],
    registers,
  });

  return ({ health: { parts, tiers }, load }) => {
    for (const [part, health] of Object.entries(parts)) ready.set({ part }, Number(health.ready));
    for (const tier of TierName.options) usable.set({ tier }, Number(tiers.includes(tier)));
    models.set(parts.models.count);
    slots.reset();
    for (const { instance, detail } of parts['browser-driver'].instances) {
      for (const { state } of detail.slots) slots.inc({ instance, state });
    }
    prompts.reset();
    for (const [state, count] of Object.entries(load?.prompts ?? {})) prompts.set({ state }, count);
    cooldown.reset();
    for (const { model, seconds } of load?.cooldowns ?? []) cooldown.set({ model }, seconds);
    eventLoop.reset();
    for (const { process, instance, meanMs, maxMs } of load?.eventLoops ?? []) {
      eventLoop.set({ process, instance, of: 'mean' }, meanMs / 1000);
      eventLoop.set({ process, instance, of: 'max' }, maxMs / 1000);
    }
  };
}
