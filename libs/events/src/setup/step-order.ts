import type { FeedbackSource, FeedbackStep, StepName } from './feedback-source.js';

const managed = {
  pull: ['configuration_set', 'topic', 'queue', 'subscription', 'event_destination', 'path_proven'],
  // The queue keeps what could not be delivered.
  sns: ['configuration_set', 'topic', 'queue', 'subscription', 'event_destination', 'path_proven'],
  eventbridge: ['configuration_set', 'rule', 'event_destination', 'path_proven'],
} as const satisfies Record<FeedbackSource['mode'], readonly StepName[]>;

const manual = {
  pull: ['queue', 'path_proven'],
  sns: ['subscription', 'path_proven'],
  eventbridge: ['path_proven'],
} as const satisfies Record<FeedbackSource['mode'], readonly StepName[]>;

/** The steps of a set-up, in the order in which each finds what it needs. */
export function stepOrder({
  mode,
  isManaged,
}: Pick<FeedbackSource, 'mode' | 'isManaged'>): readonly StepName[] {
  return (isManaged ? managed : manual)[mode];
}

export function untouchedStep(name: StepName): FeedbackStep {
  return {
    name,
    outcome: 'pending',
    side: null,
    detail: 'Not done yet.',
    remedy: null,
    paste: null,
    checkedAt: null,
  };
}

/** All steps in order, whatever is stored. */
export function allSteps(source: Pick<FeedbackSource, 'mode' | 'isManaged' | 'steps'>): FeedbackStep[] {
  return stepOrder(source).map(
    (name) => source.steps.find((step) => step.name === name) ?? untouchedStep(name),
  );
}
