import { Inject, Injectable } from '@nestjs/common';
import { addressOfMailbox } from './address.js';
import type { SuppressionOrigin } from './suppression.js';
import { SuppressionsRepository } from './suppressions.repository.js';

/** Which of the recipients of some mails must not get them. */
@Injectable()
export class FindSuppressed {
  constructor(@Inject(SuppressionsRepository) private readonly suppressions: SuppressionsRepository) {}

  /** One statement. @param mailboxes `a@b` or `Name <a@b>` @returns those that are suppressed, as they were given, with the reason */
  async execute(
    projectId: string,
    mailboxes: readonly string[],
  ): Promise<ReadonlyMap<string, SuppressionOrigin>> {
    const addresses = new Map(mailboxes.map((mailbox) => [mailbox, addressOfMailbox(mailbox)]));
    const found = await this.suppressions.findAmong(projectId, [...new Set(addresses.values())]);
    const suppressed = new Map<string, SuppressionOrigin>();
    for (const [mailbox, address] of addresses) {
      const origin = found.get(address);
      if (origin !== undefined) suppressed.set(mailbox, origin);
    }
    return suppressed;
  }
}
