import type { Logger } from '#libs/telemetry';
import type {
  DeliveryResult,
  EndpointCondition,
  SystemDeliveriesRepository,
} from './system-deliveries.repository.js';

const MAX_RESULTS = 100;
/** A result is written at the latest this long after it is known. */
const MAX_AGE_MS = 100;
const RETRY_MS = 250;

/** Collects the results of one turn and writes them in few statements. */
export class ResultWriter {
  private results: DeliveryResult[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private lastClaimEndsAt = 0;

  constructor(
    private readonly deliveries: Pick<SystemDeliveriesRepository, 'record'>,
    private readonly webhookId: string,
    private readonly condition: () => EndpointCondition,
    private readonly onDisabled: (reason: string) => void,
    private readonly logger: Logger,
  ) {}

  /** Results are worth writing until the claim ends; then somebody else makes new ones. */
  claimed(ttlMs: number): void {
    this.lastClaimEndsAt = performance.now() + ttlMs;
  }

  add(result: DeliveryResult): void {
    this.results.push(result);
    if (this.results.length >= MAX_RESULTS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), MAX_AGE_MS);
  }

  /** Resolves when everything is written. */
  async finish(): Promise<void> {
    this.flush();
    await this.writing;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { results } = this;
    this.results = [];
    if (results.length > 0) this.writing = this.writing.then(() => this.write(results));
  }

  private async write(results: readonly DeliveryResult[]): Promise<void> {
    for (;;) {
      try {
        const reason = await this.deliveries.record(this.webhookId, results, this.condition());
        if (reason !== undefined) this.onDisabled(reason);
        return;
      } catch (error) {
        const { webhookId } = this;
        this.logger.error('webhook.record_failed', { webhookId, count: results.length, error });
        if (performance.now() > this.lastClaimEndsAt) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
