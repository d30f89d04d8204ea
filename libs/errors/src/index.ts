export { AppError, errorKinds, notFound } from './app-error.js';
export type { AppErrorFields, ErrorKind } from './app-error.js';
