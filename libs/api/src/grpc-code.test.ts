import { expect, test } from '@jest/globals';
import { grpcCodeName, grpcErrorText } from './grpc-code.ts';

test('the seventeen codes have the names that Go prints', () => {
  expect([0, 1, 2, 7, 14, 16].map(grpcCodeName)).toEqual([
    'OK',
    'Canceled',
    'Unknown',
    'PermissionDenied',
    'Unavailable',
    'Unauthenticated',
  ]);
});

test('a code that does not exist is shown as a number', () => {
  expect([17, -1].map(grpcCodeName)).toEqual(['Code(17)', 'Code(-1)']);
});

test('an error without a message still has both parts', () => {
  expect(grpcErrorText({ code: 4, message: '' })).toBe('rpc error: code = DeadlineExceeded desc = ');
});
