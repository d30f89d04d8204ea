/**
 * Broadcast with a project's id: what decides through which connection its mail goes has changed, so that nobody may go by what he
 * read before.
 */
export const sendingChangedTopic = 'sending.changed';
