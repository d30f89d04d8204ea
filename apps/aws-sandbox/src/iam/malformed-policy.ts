/** A policy document IAM would refuse to store; the message is the reason it gives. */
export class MalformedPolicy extends Error {}
