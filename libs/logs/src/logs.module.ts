import { Module } from '@nestjs/common';
import { LogsRepository } from './logs.repository.js';
import { ReadLogs } from './read-logs.js';
import { RequestLog } from './request-log.js';
import { SystemRequestLogsRepository } from './system-request-logs.repository.js';

@Module({
  providers: [LogsRepository, ReadLogs, RequestLog, SystemRequestLogsRepository],
  exports: [ReadLogs, RequestLog],
})
export class LogsModule {}
