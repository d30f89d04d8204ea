import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('writes counters, gauges and histograms with the service as label', async () => {
    const metrics = new Metrics('worker', false);
    metrics.counter('sesame_things_total', 'Things.', ['outcome']).inc({ outcome: 'sent' }, 3);
    metrics.gauge('sesame_depth', 'Depth.').set(7);
    metrics.histogram('sesame_seconds', 'Seconds.', [0.1, 1]).observe(0.5);
    const text = await metrics.text();
    expect(text).toContain('sesame_things_total{outcome="sent",service="worker"} 3');
    expect(text).toContain('sesame_depth{service="worker"} 7');
    expect(text).toContain('sesame_seconds_bucket{le="1",service="worker"} 1');
    expect(text).toContain('sesame_seconds_bucket{le="0.1",service="worker"} 0');
  });

  it('keeps two processes of one test apart', async () => {
    const [one, two] = [new Metrics('api', false), new Metrics('worker', false)];
    one.counter('sesame_same_total', 'Same.').inc();
    two.counter('sesame_same_total', 'Same.').inc(2);
    expect(await one.text()).toContain('sesame_same_total{service="api"} 1');
    expect(await two.text()).toContain('sesame_same_total{service="worker"} 2');
  });

  it('shows the process’s own metrics only when asked', async () => {
    expect(await new Metrics('api', false).text()).not.toContain('process_cpu');
    expect(await new Metrics('api', true).text()).toContain('process_cpu_seconds_total{service="api"}');
  });
});
