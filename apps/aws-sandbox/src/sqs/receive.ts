import type { Queue } from '../state/queue.js';
import type { QueueMessage } from '../state/queue-message.js';
import { overLimit, queueDoesNotExist } from './errors.js';
import type { SqsCall } from './sqs-call.js';

interface ReceiveOptions {
  readonly max: number;
  readonly visibilitySeconds: number;
  readonly waitSeconds: number;
}

/** Ends when something may have become visible, the clock was moved, the client has gone or `untilMs` (real) is there. */
const waitForChange = (call: SqsCall, queue: Queue, untilMs: number): Promise<'changed' | 'gone'> =>
  new Promise((resolve) => {
    const { world } = call;
    const now = world.clock.now();
    const waitMs = Math.min(untilMs - Date.now(), queue.visibleAgainAt(now) - now);
    const end = (result: 'changed' | 'gone'): void => {
      clearTimeout(timer);
      queue.waiters.delete(onChange);
      stopWatchingClock();
      stopWatchingClient();
      resolve(result);
    };
    const onChange = (): void => end('changed');
    const timer = setTimeout(onChange, Math.max(1, Math.ceil(waitMs)));
    const stopWatchingClock = world.clock.onMove(onChange);
    const stopWatchingClient = call.request.onGone(() => end('gone'));
    queue.waiters.add(onChange);
  });

/** Long polling: answers as soon as there is anything, and empty when the time is up. Throws SqsError. */
export const receiveMessages = async (
  call: SqsCall,
  queue: Queue,
  { max, visibilitySeconds, waitSeconds }: ReceiveOptions,
): Promise<QueueMessage[]> => {
  const { world } = call;
  const untilMs = Date.now() + waitSeconds * 1000;
  const moveToDeadLetter = (message: QueueMessage): boolean => {
    const target = world.findQueue(queue.redrive?.deadLetterTargetArn ?? '');
    if (target === undefined) return false;
    // It keeps its id and the time it was sent, so the retention of the dead-letter queue counts from then.
    target.put({ ...message, receiptHandle: null, invisibleUntil: 0 }, world.clock.now());
    return true;
  };
  for (;;) {
    if (world.findQueue(queue.arn) !== queue) throw queueDoesNotExist();
    const messages = queue.receive(max, visibilitySeconds * 1000, world.clock.now(), moveToDeadLetter);
    if (messages === null) throw overLimit();
    if (messages.length > 0) {
      world.onMessage();
      return messages;
    }
    if (Date.now() >= untilMs || (await waitForChange(call, queue, untilMs)) === 'gone') return [];
  }
};
