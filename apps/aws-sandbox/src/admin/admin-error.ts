/** Bad input to the admin API: 400 with the field at fault, or 404 for something that is not there. */
export class AdminError extends Error {
  constructor(
    message: string,
    readonly field: string | null,
    readonly status: 400 | 404 = 400,
  ) {
    super(message);
  }
}
