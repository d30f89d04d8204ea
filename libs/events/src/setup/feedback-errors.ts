import { AppError, notFound } from '#libs/errors';
import type { FeedbackMode } from './feedback-source.js';

export const feedbackNotFound = (): AppError => notFound('Feedback');

export function notReady(status: string): AppError {
  return new AppError({
    code: 'feedback.connection_not_ready',
    kind: 'conflict',
    message: `The connection is ${status}: feedback is set up through its role.`,
    remedy: 'Set role_arn and wait until the checks of the connection have passed, then repeat.',
  });
}

export function noPublicUrl(mode: FeedbackMode): AppError {
  return new AppError({
    code: 'feedback.no_public_url',
    kind: 'conflict',
    message: `Mode \`${mode}\` needs an address that AWS can reach, and this installation has none.`,
    field: 'mode',
    remedy: 'Set SESAME_PUBLIC_URL, or choose mode `pull`, which needs no public address.',
  });
}

export function otherMode(mode: FeedbackMode): AppError {
  return new AppError({
    code: 'feedback.already_set_up',
    kind: 'conflict',
    message: `Feedback of this connection is set up differently already (mode \`${mode}\`).`,
    field: 'mode',
    remedy: 'Remove it first: DELETE /v1/connections/{id}/feedback.',
  });
}

export function beingRemoved(): AppError {
  return new AppError({
    code: 'feedback.being_removed',
    kind: 'conflict',
    message: 'Feedback of this connection is being removed.',
    remedy: 'Repeat when GET /v1/connections/{id}/feedback answers 404.',
  });
}

export function foreignResource(field: string, expected: string): AppError {
  return new AppError({
    code: 'feedback.foreign_resource',
    kind: 'invalid',
    message: `\`${field}\` must be ${expected}.`,
    field,
  });
}

export function notBegun(mode: FeedbackMode): AppError {
  return new AppError({
    code: 'feedback.not_begun',
    kind: 'conflict',
    message: `The address that mode \`${mode}\` posts to is made with the set-up, which has not begun.`,
    field: 'feedback',
    remedy: `POST /v1/connections/{id}/feedback with {"mode": "${mode}", "manual": {}}, then ask for the kit.`,
  });
}
