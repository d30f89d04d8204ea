/** Knobs of the whole sandbox (`PATCH /_sandbox/settings`). */
export interface Settings {
  /** Simulated seconds until IAM edits take effect. AWS: seconds to minutes. */
  propagation_seconds: number;
  /** Where SES puts the text of an error. Real SES uses all three, depending on the front end. */
  error_message_key: 'message' | 'Message' | 'none';
  /** One control-plane request per second and action, per account and region, as SES documents it. */
  control_plane_throttle: boolean;
  /**
   * How far a signature's date may be from the simulated clock. AWS: 300. Raise it to jump the clock under clients
   * that cannot correct their own.
   */
  signature_window_seconds: number;
  /** What `aws:SourceIp` shows; null = the peer's address. */
  source_ip: string | null;
  /** Simulated milliseconds between two attempts of SNS or EventBridge at an endpoint. SNS: 20 s. */
  delivery_retry_ms: number;
  /** Simulated seconds until the name of a deleted queue is free again. AWS: 60. */
  queue_name_reuse_seconds: number;
  /** What `aws:SecureTransport` shows. True although the sandbox speaks plain HTTP: AWS always has TLS. */
  secure_transport: boolean;
}

export const defaultSettings = (): Settings => ({
  propagation_seconds: 0,
  error_message_key: 'message',
  control_plane_throttle: false,
  signature_window_seconds: 300,
  source_ip: null,
  delivery_retry_ms: 200,
  queue_name_reuse_seconds: 60,
  secure_transport: true,
});
