import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService } from '@nestjs/config';
import { CONFIG, type Config } from './config.js';

/** Makes one parsed, frozen {@link Config} available everywhere as `@Inject(CONFIG)`. */
@Module({})
export class ConfigModule {
  static for(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      imports: [
        NestConfigModule.forRoot({
          ignoreEnvFile: true,
          ignoreEnvVars: true,
          load: [() => ({ sesame: config })],
        }),
      ],
      providers: [
        {
          provide: CONFIG,
          inject: [ConfigService],
          useFactory: (service: ConfigService) => service.getOrThrow<Config>('sesame'),
        },
      ],
      exports: [CONFIG],
    };
  }
}
