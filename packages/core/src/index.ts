export { type AnswerLimits, watchAnswer } from './answer-limits.ts';
export { Condition } from './condition.ts';
export { EventLoopDelay, type EventLoopWatch, watchEventLoop } from './event-loop.ts';
export { type Config, configVariables, loadConfig } from './config.ts';
export { checkEnvironmentFile, readEnvironment } from './environment-file.ts';
export { newCallId } from './call-id.ts';
export { canServe, type Capacity, offers, readCapacities, shortestCooldown } from './capacity.ts';
export { CaptureEnd, CaptureRecord, RequestSummary, recordsIn } from './capture.ts';
export { type Cooldown, readCooldowns, setCooldown } from './cooldowns.ts';
export { toErrorRecord } from './error-record.ts';
export {
  type ErrorCode,
  errorCodes,
  ErrorRecord,
  RecordedError,
  StudioError,
  type StudioErrorOptions,
  toLogMessage,
} from './errors.ts';
export {
  FinishReason,
  isContent,
  isTerminal,
  JobEvent,
  type JobEventOf,
  Takeover,
  type TerminalEvent,
  TierName,
} from './events.ts';
export {
  beginAttempt,
  checkJob,
  closeJob,
  type JobWriter,
  LEASE_MS,
  LEASE_RENEWAL_MS,
  MAX_APPENDED,
  LeaseState,
  readGivenBackFailure,
} from './job-events.ts';
export { JobPhases, readJobPhases } from './job-phases.ts';
export { foreignEnvironment } from './foreign-environment.ts';
export { type JobStreams, eventsIn, openJobStreams, readJobEvents } from './job-streams.ts';
export { cancelJob, joinJob, leaveJob, renewReaderLease } from './job-readers.ts';
export { type ReadFile, readStoredFiles, storeFile } from './stored-files.ts';
export {
  Calling,
  type FilePart,
  FunctionCallingMode,
  FunctionDeclaration,
  Job,
  Part,
  PLAIN_SETTINGS,
  Plan,
  Settings,
  Thinking,
  Turn,
} from './job.ts';
export { isPlainObject, type JsonObject } from './json-object.ts';
export {
  compileSchema,
  findSchemaFault,
  type JsonSchema,
  type SchemaCheck,
} from './json-schema.ts';
export { measureSchema, SCHEMA_LIMITS, type SchemaSize } from './schema-limits.ts';
export { type RepairedSchema, repairSchema, type SchemaFault } from './schema-repair.ts';
export {
  deadline,
  failPlainly,
  graceAfter,
  reportReady,
  type StopCause,
  untilStopped,
} from './lifecycle.ts';
export { createLogger, type Log, type LogOptions } from './log.ts';
export { keepModelList, publishModelList, readModelList } from './model-lists.ts';
export { ModelInfo, ModelList, ThinkingCapability, whyUnusable } from './models.ts';
export {
  PAGE_PACK_VERSION,
  PackComplaint,
  PackSelector,
  PagePack,
  type PagePackFile,
  parsePagePack,
} from './page-pack.ts';
export {
  NO_PACKS,
  openPagePacks,
  type PackSet,
  type PagePacks,
  type PagePacksOptions,
} from './page-pack-files.ts';
export { printPrivately } from './print-privately.ts';
export {
  findProfile,
  openProfileFolder,
  type ProfileFolder,
  ProfileName,
} from './profile-folder.ts';
export {
  accountOf,
  hasSession,
  parseProfile,
  Profile,
  ProfileCookie,
  readProfile,
  sessionEndsAt,
  sessionId,
  writeProfile,
} from './profile.ts';
export {
  DriverDetail,
  PageCheckStatus,
  PagePackStatus,
  forgetStatuses,
  ProcessStatus,
  ProfileStatus,
  PROXY_HOME,
  PROXY_ID_HEADER,
  publishStatus,
  readStatuses,
  SlotStatus,
  type Status,
  StreamProxyDetail,
} from './process-status.ts';
export { connectRedis, duplicateConnection, names, type RedisConnection } from './redis.ts';
export { toRedisFailure } from './redis-failure.ts';
export { defineScript, type RedisScript } from './redis-script.ts';
export { isAfter } from './stream-position.ts';
export { SYSTEM_BROWSERS } from './system-browsers.ts';
export { removeUnfinished, writeWhole } from './write-whole.ts';
