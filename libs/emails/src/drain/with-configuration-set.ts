/**
 * The request of SendEmail with a configuration set. The stored one has none, because which one is right shows only when the mail goes; so
 * the text is spliced rather than parsed, however big it is.
 *
 * @param payload a JSON object that is not empty and names no configuration set
 */
export function withConfigurationSet(payload: string, configurationSet: string | undefined): string {
  if (configurationSet === undefined) return payload;
  return `{"ConfigurationSetName":${JSON.stringify(configurationSet)},${payload.slice(1)}`;
}
