const moving = ['scheduled', 'queued', 'sending', 'sent', 'delivery_delayed', 'uncertain'];

/** Will the status of this email not change any more by itself, or not soon? */
export const isSettled = (status: string): boolean => !moving.includes(status);
