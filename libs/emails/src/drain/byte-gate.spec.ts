import { describe, expect, it } from '@jest/globals';
import { ByteGate } from './byte-gate.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits for the gate and adds at once, as many as asked. */
function enter(gate: ByteGate, bytes: number, entered: number[]): void {
  void gate.open().then(() => {
    gate.add(bytes);
    entered.push(bytes);
  });
}

describe('ByteGate', () => {
  it('is open while there is room', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    enter(gate, 60, entered);
    await settle();
    enter(gate, 30, entered);
    await settle();
    expect(entered).toEqual([60, 30]);
  });

  it('lets in the one that crosses the limit, and nobody after it', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    for (const bytes of [60, 500, 1]) {
      enter(gate, bytes, entered);
      await settle();
    }
    expect(entered).toEqual([60, 500]);
  });

  it('opens again when what is held falls below the limit, not before', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    gate.add(150);
    enter(gate, 1, entered);
    gate.remove(50);
    await settle();
    expect(entered).toEqual([]);
    gate.remove(1);
    await settle();
    expect(entered).toEqual([1]);
  });

  it('lets everybody in who fits when room comes', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    gate.add(100);
    for (const bytes of [10, 20, 30]) enter(gate, bytes, entered);
    gate.remove(100);
    await settle();
    expect(entered).toEqual([10, 20, 30]);
  });

  it('does not let a crowd in at once when room comes for one', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    gate.add(100);
    for (let count = 0; count < 50; count++) enter(gate, 100, entered);
    gate.remove(100);
    await settle();
    expect(entered).toEqual([100]);
    gate.remove(100);
    await settle();
    expect(entered).toEqual([100, 100]);
  });

  it('leaves nobody behind', async () => {
    const gate = new ByteGate(100);
    const entered: number[] = [];
    gate.add(100);
    for (let count = 1; count <= 20; count++) enter(gate, count, entered);
    gate.remove(100);
    for (let round = 0; round < 40 && entered.length < 20; round++) {
      await settle();
      const held = entered.reduce((sum, bytes) => sum + bytes, 0);
      gate.remove(Math.min(held, 1));
      gate.add(Math.min(held, 1));
      if (entered.length < 20) gate.remove(entered[round] ?? 0);
    }
    expect([...entered].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });
});
