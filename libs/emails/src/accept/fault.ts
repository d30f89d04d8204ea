import { AppError, type ErrorKind } from '#libs/errors';

/** What is wrong with an email that somebody wants to send. */
export function fault(kind: ErrorKind, field: string, message: string): AppError {
  return new AppError({ code: `email.${kind}`, kind, message, field });
}

/** A name from a request, fit to be shown in an error. */
export function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?').slice(0, 80);
}
