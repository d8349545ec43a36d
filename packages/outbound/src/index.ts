export { type Address, parseAddress } from './address.ts';
export { createConnector } from './connector.ts';
export { createOutbound, type Outbound } from './outbound.ts';
export { toProxySettings } from './proxy-choice.ts';
export { ProxyError } from './proxy-error.ts';
export { listenRelay, type Relay } from './relay.ts';
export { CHALLENGE, GRANTED, joinTunnel, refuseTunnel } from './tunnel.ts';
