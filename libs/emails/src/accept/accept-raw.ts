import { Inject, Injectable } from '@nestjs/common';
import { PlaceEmail, type Sender } from './place-email.js';
import { prepareRaw, type RawRequest } from './prepare-raw.js';
import { SubmitEmails } from './submit-emails.js';

/** The scope of idempotency keys that come in a message. */
const ENDPOINT = 'SMTP';

/** Takes a finished message in, as it is: SMTP's way to where {@link AcceptEmails} goes. What it returns is safely stored. */
@Injectable()
export class AcceptRaw {
  constructor(
    @Inject(PlaceEmail) private readonly place: PlaceEmail,
    @Inject(SubmitEmails) private readonly submission: SubmitEmails,
  ) {}

  /** @returns the email's id; the earlier one when the idempotency key repeats. @throws AppError */
  async execute(sender: Sender, request: RawRequest): Promise<{ id: string }> {
    const { email, idempotency } = prepareRaw(request);
    const connectionId = await this.place.execute(sender, email.fromDomain, undefined);
    return this.submission.execute({
      projectId: sender.projectId,
      apiKeyId: sender.apiKeyId,
      emails: [{ ...email, connectionId }],
      response: { id: email.id },
      idempotency: idempotency === undefined ? undefined : { endpoint: ENDPOINT, ...idempotency },
    });
  }
}
