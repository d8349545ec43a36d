import { expect, it } from '@jest/globals';

import { RPC_ERRORS, RpcError } from './rpc-error.ts';

it('writes the error bodies of E8 byte for byte', () => {
  expect(RPC_ERRORS.quota(37).body).toBe(
    '[,[8,"You exceeded your current quota. Try again later.",[["type.googleapis.com/google.rpc.ErrorInfo",["RATE_LIMIT_EXCEEDED","googleapis.com",[["quota_metric","sim.example/generate"],["quota_limit","PerDay"]]]],["type.googleapis.com/google.rpc.RetryInfo",[["37",0]]]]]]',
  );
  expect(RPC_ERRORS.denied().body).toBe('[,[7,"The caller does not have permission"]]');
  expect(RPC_ERRORS.internal().body).toBe('[,[13,"Internal error encountered."]]');
  expect(RPC_ERRORS.overloaded().body).toBe('[,[14,"The model is overloaded."]]');
});

it('splits a fractional delay into seconds and nanoseconds', () => {
  expect(new RpcError(503, 14, 'later', { retryAfterSeconds: 1.5 }).body).toContain(
    '[["1",500000000]]',
  );
});
