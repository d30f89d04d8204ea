import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationSets, SesGateway } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock, newId } from '#libs/crypto';
import type { FeedbackSource } from '../feedback-source.js';
import { proofTag } from '../proof.js';
import { SystemFeedbackRepository } from '../system-feedback.repository.js';
import { needsCustomer, passed, waiting, type StepResult } from './step-result.js';

/** How long an event may take before the next mail is sent, and how many are. */
const proofPatienceMs = 45_000;
const maxProofs = 3;
const lookAgainMs = 5_000;

/** SES answers mail to this address itself; the label keeps it apart from a customer's own tests. */
const proofRecipient = 'success+sesame@simulator.amazonses.com';

/** Proves the whole way: a mail to the mailbox simulator with the configuration set, whose delivery event has to come in by it. */
@Injectable()
export class ProvePath {
  constructor(
    @Inject(SystemFeedbackRepository) private readonly sources: SystemFeedbackRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SesGateway) private readonly ses: SesGateway,
    @Inject(ConfigurationSets) private readonly sets: ConfigurationSets,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @param session to send with @throws AwsFailure, AppError */
  async execute(source: FeedbackSource, session: BrokeredSession): Promise<StepResult> {
    const { proofSentAt, provenAt, proofsSent } = source;
    if (proofSentAt !== null && provenAt !== null && provenAt >= proofSentAt)
      return passed('A mail to the mailbox simulator went out, and its event came back by this way.');
    const waitedMs = proofSentAt === null ? Infinity : this.clock.nowMs() - proofSentAt.getTime();
    if (waitedMs < proofPatienceMs)
      return waiting(
        'aws',
        'A mail to the mailbox simulator is on its way; its event is waited for.',
        lookAgainMs,
      );
    if (proofsSent >= maxProofs) return noEvent(source);
    const from = await this.sender(source);
    if (from === undefined) return noSender(source);
    const proofId = newId(this.clock.nowMs());
    await this.sources.noteProof(source.connectionId, proofId, this.clock.now());
    await this.ses.sendEmail(session.credentials, session.region, {
      FromEmailAddress: from,
      Destination: { ToAddresses: [proofRecipient] },
      ConfigurationSetName: source.configurationSet,
      EmailTags: [{ Name: proofTag, Value: proofId }],
      Content: {
        Simple: {
          Subject: { Data: 'Sesame feedback proof' },
          Body: { Text: { Data: 'Proves the way of events from Amazon SES to Sesame.' } },
        },
      },
    });
    return waiting(
      'aws',
      'A mail to the mailbox simulator is on its way; its event is waited for.',
      lookAgainMs,
    );
  }

  private async sender({ projectId, connectionId, isManaged }: FeedbackSource): Promise<string | undefined> {
    const known = await this.sources.knownSender(projectId, connectionId);
    if (known.sender !== null) return known.sender;
    if (known.domain !== null) return `sesame-proof@${known.domain}`;
    // Who makes everything himself grants no right to look, and is not asked for it.
    if (!isManaged) return undefined;
    const session = await this.broker.for(connectionId, 'configure');
    const domain = await this.sets.sendingDomain(session);
    return domain && `sesame-proof@${domain}`;
  }
}

function noSender({ isManaged }: FeedbackSource): StepResult {
  return needsCustomer(
    'There is no address to send the proof from: no verified domain is known.',
    isManaged
      ? 'Verify a domain (POST /domains), or send one mail; then repeat POST /v1/connections/{id}/feedback.'
      : 'Send one mail through this connection (POST /emails): the proof goes out from its address, by itself.',
  );
}

function noEvent({ mode, isManaged }: FeedbackSource): StepResult {
  const hint = {
    pull: 'the policies of topic and queue, and that the queue is subscribed to the topic',
    sns: "that the endpoint is subscribed and confirmed, the topic's policy, and that AWS reaches SESAME_PUBLIC_URL",
    eventbridge:
      'that the rule is enabled, that its role may call the API destination, and that AWS reaches SESAME_PUBLIC_URL',
  }[mode];
  return needsCustomer(
    'Mail to the mailbox simulator was accepted by Amazon SES, but its events did not come in.',
    `Check ${hint}. ${isManaged ? 'POST /v1/connections/{id}/feedback makes it all anew and proves it again.' : 'Then repeat POST /v1/connections/{id}/feedback.'}`,
  );
}
