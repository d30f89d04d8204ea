import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors';
import { chooseConnection } from './choose-connection.js';
import { homeConnection } from './home-connection.js';
import { SendingConnectionsRepository } from './sending-connections.repository.js';

/** On whose behalf mail is accepted. */
export interface Sender {
  projectId: string;
  apiKeyId: string | undefined;
  /** When set, the only domain that From may have. */
  domain: string | undefined;
}

/** Whether this sender may send from this domain, and through which connection: the same for the API and for SMTP. */
@Injectable()
export class PlaceEmail {
  constructor(@Inject(SendingConnectionsRepository) private readonly places: SendingConnectionsRepository) {}

  /**
   * @param fromDomain of the From address, in ASCII and lower case
   * @param wanted the connection that the email asks for
   * @returns the connection's id
   * @throws AppError domain_restricted, or `email.unknown_connection`
   */
  async execute(sender: Sender, fromDomain: string, wanted: string | undefined): Promise<string> {
    if (sender.domain !== undefined && fromDomain !== sender.domain) {
      throw new AppError({
        code: 'email.domain_not_allowed',
        kind: 'domain_restricted',
        field: 'from',
        message: `This API key may only send from \`${sender.domain}\`.`,
      });
    }
    const { connections, domains } = await this.places.read(sender.projectId);
    return chooseConnection(connections, wanted ?? homeConnection(domains, fromDomain, wanted));
  }
}
