import { Inject, Injectable } from '@nestjs/common';
import { feedbackArns, feedbackNames, SessionBroker, type BrokeredSession } from '#libs/connections';
import { partitionOfRegion } from '#libs/aws';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import type { StepName } from '../feedback-source.js';
import { allSteps, stepOrder } from '../step-order.js';
import { SystemFeedbackRepository, type FollowedSource } from '../system-feedback.repository.js';
import { decideFollow } from './decide-follow.js';
import { ExplainStep } from './explain-step.js';
import { ProvePath } from './prove-path.js';
import { purposeOf } from './purpose-of.js';
import { toStep, type StepResult } from './step-result.js';
import { TakeStep, type StepContext } from './take-step.js';
import { UndoSteps } from './undo-steps.js';

/** After this long without success what is left in the account is left there. */
const removalPatienceMs = 3 * 24 * 3_600_000;

/** Job `feedback.follow`: takes the steps of a set-up that are not done, or takes them back. Safe to run at any time and twice. */
@Injectable()
export class FollowFeedback {
  constructor(
    @Inject(SystemFeedbackRepository) private readonly sources: SystemFeedbackRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(TakeStep) private readonly takeStep: TakeStep,
    @Inject(ProvePath) private readonly provePath: ProvePath,
    @Inject(UndoSteps) private readonly undoSteps: UndoSteps,
    @Inject(ExplainStep) private readonly explain: ExplainStep,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute({ connectionId }: { connectionId: string }): Promise<void> {
    const source = await this.sources.find(connectionId);
    if (source === undefined) return;
    const context = contextOf(source);
    if (source.status === 'removing') return this.remove(source, context);
    // Nothing more can be done, and nothing comes of asking again.
    if (source.isDisconnected) return;
    const steps = allSteps(source);
    let suggestedMs: number | undefined;
    for (const [index, name] of stepOrder(source).entries()) {
      const known = steps[index];
      if (known?.outcome === 'passed' && name !== 'path_proven' && isOfThisRound(known.checkedAt, source))
        continue;
      const result = await this.attempt(name, source, context);
      steps[index] = toStep(name, result, this.clock.now());
      suggestedMs = result.waitMs;
      if (result.outcome !== 'passed') break;
    }
    const now = this.clock.now();
    const { status, waitMs } = decideFollow(source, steps, now, suggestedMs);
    const followAt = waitMs === null ? null : new Date(now.getTime() + waitMs);
    const isSaved = await this.sources.save(source, { status, steps, followAt, ...context.progress }, now);
    if (isSaved && status !== source.status)
      this.logger.info(`feedback.became_${status}`, { projectId: source.projectId, connectionId });
  }

  private async attempt(name: StepName, source: FollowedSource, context: StepContext): Promise<StepResult> {
    const purpose = purposeOf(name);
    let session: BrokeredSession | undefined;
    try {
      session = await this.broker.for(source.connectionId, purpose);
      return name === 'path_proven'
        ? await this.provePath.execute(source, session)
        : await this.takeStep.execute(name, context, session);
    } catch (error) {
      return this.explain.execute(source, purpose, session, error);
    }
  }

  private async remove(source: FollowedSource, context: StepContext): Promise<void> {
    const { connectionId, projectId, followSince, followAttempts } = source;
    const left = source.isDisconnected ? [] : await this.undoSteps.execute(source, context);
    const now = this.clock.now();
    const elapsedMs = now.getTime() - followSince.getTime();
    if (left.length > 0 && elapsedMs < removalPatienceMs) {
      const waitMs = Math.min(2_000 * 2 ** Math.min(followAttempts, 11), 3_600_000);
      return this.sources.keepSteps(connectionId, left, new Date(now.getTime() + waitMs));
    }
    if (left.length > 0 || source.isDisconnected)
      this.logger.warn('feedback.resources_left', { projectId, connectionId });
    await this.sources.drop(connectionId);
  }
}

function contextOf(source: FollowedSource): StepContext {
  const { region, awsAccountId, connectionId } = source;
  const scope = { partition: partitionOfRegion(region), region, accountId: awsAccountId };
  const names = feedbackNames(connectionId);
  const { subscriptionArn, queueUrl, deadLetterUrl } = source;
  const progress = { subscriptionArn, queueUrl, deadLetterUrl, usedToken: null };
  return { source, scope, names, arns: feedbackArns(scope, names), progress };
}

function isOfThisRound(checkedAt: string | null, { followSince }: FollowedSource): boolean {
  return checkedAt !== null && Date.parse(checkedAt) >= followSince.getTime();
}
