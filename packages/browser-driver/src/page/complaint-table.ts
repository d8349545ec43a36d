import { type Complaint } from './complaints.ts';

/** What a person can try when the service refuses prompts of an automated browser (page.md §10). */
const REFUSED =
  'AI Studio may refuse automated runs for an account. Send the request again; if it stays, see whether the prompt works ' +
  'by hand in AI Studio, then try your own browser (CHROMIUM_PATH), a visible window (HEADLESS=false), another network, or ' +
  'the official API (HELPER_ENDPOINT). Right after a file it can also mean that the file was not ready yet.';

const QUOTA = 'The account’s quota for this model is used up for now.';

/**
 * Every sentence of the page about an answer that is known, the specific before the general
 * (page.md §9). The page writes them in English even where its build is German, except for the texts on
 * spending limits; those German words are a guess.
 */
export const COMPLAINTS: readonly Complaint[] = [
  // Quota
  {
    words: 'requests per minute|tokens per minute|per[_ -]minute|wait a few minutes',
    code: 'rate_limit_exceeded',
    advice: 'The limit per minute is reached; wait a minute.',
    where: 'anywhere',
    retryAfterSeconds: 60,
  },
  {
    words:
      'daily limit|limit of requests (per day|today|for today)|requests today|per[_ -]day|try again tomorrow',
    code: 'rate_limit_exceeded',
    advice:
      'The account’s share of this model for today is used up; choose another model or wait until tomorrow.',
    where: 'anywhere',
  },
  {
    words:
      'set up billing|spending (cap|limit)|prepa(y|id)|out of credits?|free[_ -]tier|ausgaben(limit|obergrenze)|guthaben',
    code: 'rate_limit_exceeded',
    advice:
      'The account’s free or paid share is used up; see its billing page, or choose another model.',
    where: 'anywhere',
  },
  {
    words:
      'exceeded quota|quota exceeded|rate limit|out of free generations|resource has been exhausted|reached (your|the|a) [a-z ]*limit|kontingent',
    code: 'rate_limit_exceeded',
    advice: QUOTA,
    where: 'anywhere',
  },
  // What the prompt asks for
  {
    words:
      'too many input tokens|exceeds the (maximum number of tokens|limit of [\\d.,]+ ?tokens)|input token count exceeds|prompt is too long',
    code: 'context_length_exceeded',
    advice: 'Shorten the prompt.',
    where: 'anywhere',
  },
  {
    words: 'request is too large|request too large',
    code: 'request_too_large',
    advice: 'Send less text or fewer files.',
    where: 'anywhere',
  },
  {
    words:
      'file size too large|too many inlined images|unsupported (mime type|file type|file selected)|token count failed|unsupported response modality|can only add one image',
    code: 'invalid_value',
    advice: 'Change the files or the output that the request asks for.',
    where: 'anywhere',
  },
  {
    words: 'system instructions (are|is) not supported|is not supported (by|for) this model',
    code: 'invalid_value',
    advice: 'Choose another model or leave that out.',
    where: 'anywhere',
  },
  // The model
  {
    words: 'model not found|model is not found',
    code: 'model_not_found',
    advice: 'GET /v1/models lists what there is.',
    where: 'anywhere',
  },
  {
    words: 'model is deprecated|model has been deprecated|no longer available',
    code: 'model_not_found',
    advice: 'The model was withdrawn; GET /v1/models lists what there is.',
    where: 'anywhere',
  },
  {
    words:
      'requires? an? (paid )?(api key|subscription)|no api key (is )?selected to|select an? (paid )?api key|upgrade (your plan )?to use|only available (to|for|with) (subscribers|paid)',
    code: 'upstream_error',
    advice:
      'This model needs a paid API key or a subscription, which this proxy does not use. Choose another model.',
    where: 'anywhere',
  },
  {
    words:
      'model isn.t available|model is not available|service is unavailable|service unavailable|model is overloaded|currently overloaded',
    code: 'upstream_error',
    advice: 'The service is busy; send the request again in a minute.',
    where: 'anywhere',
    retryAfterSeconds: 60,
  },
  // The account
  {
    words: 'authentication error|not authenticated|please sign in|session (has )?expired',
    code: 'not_signed_in',
    advice: 'Run `pnpm signin`.',
    where: 'anywhere',
  },
  {
    words: 'location is not supported|region not supported|not available in your (country|region)',
    code: 'upstream_error',
    advice: 'AI Studio does not serve the region this machine is in.',
    where: 'anywhere',
  },
  {
    words: 'account not supported|app is disabled|early access apps disabled',
    code: 'upstream_error',
    advice: 'AI Studio is switched off for this account; its Workspace administrator can allow it.',
    where: 'anywhere',
  },
  {
    words: 'permission denied|does not have permission',
    code: 'upstream_error',
    advice: REFUSED,
    where: 'anywhere',
  },
  // The run
  {
    words: 'conversation has ended|pivot in the request',
    code: 'upstream_error',
    advice: 'Send the request again: it gets a new chat.',
    where: 'anywhere',
  },
  {
    words: 'finish editing to run',
    code: 'upstream_error',
    advice: 'A turn of the chat was still open for editing. Send the request again.',
    where: 'anywhere',
  },
  {
    words: 'deadline exceeded|request was cancelled|was aborted',
    code: 'upstream_error',
    advice: 'Send the request again.',
    where: 'anywhere',
  },
  {
    words:
      'failed to (generate content|create interaction|get interaction|create interaction stream)',
    code: 'upstream_error',
    advice: 'Send the request again.',
    where: 'anywhere',
  },
  {
    words: 'internal error (has )?occurred|output error|an error (has )?occurred',
    code: 'upstream_error',
    advice: 'Send the request again.',
    where: 'turn',
  },
  // Held back
  {
    words:
      'content (was |is |has been )?blocked|content not permitted|prohibited content|inhalt(e)? blockiert',
    code: 'blocked',
    advice: '',
    where: 'turn',
  },
];
