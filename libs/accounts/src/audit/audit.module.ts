import { Module } from '@nestjs/common';
import { AuditLogRepository } from './audit-log.repository.js';
import { ReadAudit } from './read-audit.js';
import { SealAudit } from './seal-audit.js';
import { SystemAuditSealsRepository } from './system-audit-seals.repository.js';

@Module({
  providers: [AuditLogRepository, ReadAudit, SealAudit, SystemAuditSealsRepository],
  exports: [ReadAudit, SealAudit],
})
export class AuditModule {}
