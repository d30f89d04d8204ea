/** One step of the tour. Everything is in the words of AWS: what is done in the account, and what Sesame makes of it. */
export interface TourStep {
  scenario: string;
  /** The verb on the button. */
  action: string;
  /** What happens in the AWS account. */
  what: string;
  /** What to look at afterwards. */
  look: string;
}

export const tour: readonly TourStep[] = [
  {
    scenario: 'delete_role',
    action: 'Delete the role',
    what: 'Somebody cleans up IAM.',
    look: 'The third check. AWS does not say that the role is gone, so the remedy names what it can be and makes the role anew. The connection is broken, and its mail waits.',
  },
  {
    scenario: 'drop_external_id',
    action: 'Drop the external ID',
    what: 'The trust policy loses its condition on sts:ExternalId.',
    look: 'The fourth check. The role still opens for Sesame, and now for every other customer of Sesame too: it is rejected at once, its sessions are deleted, and nothing more is sent through it.',
  },
  {
    scenario: 'any_external_id',
    action: 'Accept any external ID',
    what: 'The condition becomes StringLike "*".',
    look: 'The fifth check. Without an external ID the role stays shut, with a made-up one it opens: rejected as well.',
  },
  {
    scenario: 'remove_send_permission',
    action: 'Remove ses:SendEmail',
    what: 'The permissions policy of the role loses one action.',
    look: 'The last check names the action and the resource that are missing. Nothing was sent to find out.',
  },
  {
    scenario: 'shorten_session',
    action: 'Shorten the sessions',
    what: 'MaxSessionDuration of the role becomes one hour, and the connection asks for more.',
    look: 'The sixth check. The connection is degraded, not broken: it goes on sending with sessions of an hour.',
  },
  {
    scenario: 'pause_sending',
    action: 'Pause sending',
    what: 'Sending is switched off for the SES account.',
    look: 'The seventh check, with the command that switches it on again. Mail waits meanwhile.',
  },
  {
    scenario: 'leave_production',
    action: 'Move SES to the sandbox',
    what: 'The SES account loses its production access.',
    look: 'The seventh check passes with an advice. The test mail fails, because its recipient is not verified.',
  },
  {
    scenario: 'use_up_quota',
    action: 'Use up the quota',
    what: 'The SES account has sent all that it may in 24 hours.',
    look: 'The test mail waits and does not fail. “Pace and quota” below shows the quota; once there is some again, the mail goes out by itself.',
  },
  {
    scenario: 'unverify_identity',
    action: 'Un-verify the identity',
    what: 'No domain or address of the SES account is verified any more.',
    look: 'No check fails, because the role is in order. The test mail fails and says what to verify.',
  },
  {
    scenario: 'mend',
    action: 'Mend everything',
    what: 'Role, policies and SES account become as they should be.',
    look: 'All eight checks pass, and the mail that waited goes out, the test mail behind it.',
  },
];
