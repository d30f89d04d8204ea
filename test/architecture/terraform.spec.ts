import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'terraform');

function hasTerraform(): boolean {
  try {
    execFileSync('terraform', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`NOT CHECKED: deploy/terraform, because terraform is not there.\n`);
    return false;
  }
}

// `validate` would have to download the provider.
(hasTerraform() ? test : test.skip)('deploy/terraform is as `terraform fmt` writes it', () => {
  const unformatted = execFileSync('terraform', ['fmt', '-check', '-recursive', '-list=true', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(unformatted).toBe('');
});
