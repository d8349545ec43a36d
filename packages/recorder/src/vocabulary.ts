/**
 * The words that AI Studio's own labels and messages are made of (page.md §2–§9, wire-format.md
 * §5.10). A text is kept only if all of its words are among them: a name, a title or an address is
 * not. What the page says in new words shows as placeholders, in its place and length.
 */
const WORDS = new Set(
  `a about above accept access account acknowledge action actions activate active actual add added
  adjust advanced after again agent agents agree ai aistudio all allow allowed already also always an
  and any api app append applied apply apps are arrow article as aspect assistant at attach attached
  audio authentication auto automatic automatically available aborted avoid
  b back bad balanced balances banned base based be because been before begin best better between bidi
  block blocked blocklist board box bright browse browser browsing budget build button by
  call called caller calling calls camera can cancel cancelled cannot caret caused certain change
  changed changes character characters chat chats check chevron choose chunk clear click
  close closed code collapse color coming common community compare compatible complete completed
  computer confirm confirmation connected connection consider consumer contain contains content
  context continue control controls conversation conversations cookie cookies copied copy copyright
  correct cost could count counting country create created creating creative creativity credits ctrl
  cmd current currently custom cut
  daily dangerous dark dashboard data date day days deadline declaration declarations deep default
  delete deleted denied deny deprecated description details developer device dialog did different
  disable disabled discard dismiss display do docs document documentation documents does doesn done
  don down download draft drag drive drop during duration
  e each earlier edit editing editor effort either email embedding empty enable enabled end ended
  ends enter environment error errors escape estimate even every example examples exceed exceeded
  exceeds excluding execute execution exhausted existing exit expand expired explore export extended
  external
  failed failure fast faster favorite favorites feature featured features feedback few field file
  files filter filters find finish finished first flagged flash for form format forward found free
  frequency from full fullscreen function functions
  gallery gemini gemma general generate generated generates generating generation generations genmedia
  get getting give global go goog google good got grant greater grounded grounding group guide
  harassment harm harmful has hate have having help hidden hide high higher highest history home hour
  hours how http https however
  icon id if ignored ignoring image imagen images in include included including incognito incompatible
  incorrect info information inline input inputs insert instead instruction instructions intelligent
  interaction interactions internal internet into invalid is isn issue it item items its
  json just
  k kept key keyboard keys know knowledge known
  label language large larger last latency later latest layer learn learnlm least leave left legal
  length less let level library license light like limit limited limits line lines link list live lite
  load loaded loading local location locations lock log logout long longer lost low lower lowest lyria
  made main make makersuite manage manual many map maps mark markdown match max maximizes maximum may
  me media medium menu message messages metadata method mic microphone min minimal minimum minute minutes mode
  model models modality modalities modified month more most move moves much multimodal multiple music
  must my
  name nano banana native natural need needed negative network never new newest next no none not note notice
  nothing now number
  of off ok okay old older on once one only open opened option optional options or order original other our
  out output outputs over overload overloaded overview own
  page paid panel parameter parse part parts paste pause per performance permission permissions person
  personal photo pick picker pin play playground please pivot policy powerful precise presence preview
  previous price pricing privacy private pro problem processed processing prohibited project projects
  prompt prompts property provide provided public put
  quality question quick quickly quota quotas
  random rate ratio raw reach reached read ready real reason reasoning recitation recommended record redo
  refresh region regenerate related reload remaining remove removed renew repeat replace report request
  requested requests required rerun reset resolution resource resources response responses restore restricted
  result results resume retry return returned returns review right robotics role row run running runs
  s safe safety sample sampling save saved saves saving schema scroll search second seconds secondary
  security see seems seed select selected selection selector send sensitive sent sequence sequences server
  service session set setting settings severity sexual sexually sexually-explicit share shared sharing
  shift short should show shows sidebar sign signed simple since size skip slider small so solve some something
  soon sorry sort sound source sources speak speech speed spellcheck spii standard star start started
  starting state status stay step still stop stopped storage store stream string structured studio style
  submit subscription success successfully suggest suggested suggestion suggestions summary support supported
  supports sure switch switched switching system
  t table take taken takes task tasks temperature temporary term terms test text than that the their them theme then
  there these they thing things think thinking this thought thoughts thumb through time times title to
  today toggle token tokens tone too took tool tools tooltip top total transcript transcription transfer translate trash
  tree try trying tts tuned tune tuning turn turns two type typing
  unable unauthenticated unavailable understand understood undo unexpected unknown unlimited unlock unsafe
  unsaved unspecified unsupported until untitled up update updated upgrade upload uploaded uploading uploads url urls usage use used user uses using
  v valid value values variable veo version very via video videos view visible visit vision voice volume
  wait want warning was way we web welcome well were what when where whether which while who whole why
  will window with without words work workspace would write wrong
  yes yet you your youtube
  zoom`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words that models' names are made of besides numbers. */
const MODEL_WORDS =
  /^(?:models|gemini|gemma|learnlm|imagen|veo|lyria|nano|banana|aqa|antigravity|deep|research|robotics|er|pro|flash|lite|ultra|fast|generate|preview|exp|experimental|latest|thinking|image|live|tts|native|audio|dialog|embedding|text|computer|use|realtime|it|max|custom|customtools|agent|omni|vision|edit|plus|mini|next|v?\d{1,2}(?:\.\d{1,2})?|\d{1,4}|[ae]?\d{1,3}b)$/;

/** How many digits a label may hold: limits and prices have fewer, telephone numbers more. */
const MOST_DIGITS = 8;

/** Whether a text is made of the page's own words and short numbers only. */
export function isOwnLabel(text: string): boolean {
  if (text.length > 400 || /@|\d\.\d+\.\d/.test(text)) return false;
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (text.replaceAll(/\D/g, '').length > MOST_DIGITS) return false;
  return words.every((word) => WORDS.has(word) || MODEL_WORDS.test(word));
}

/** Whether this is the id of a public model, with or without `models/`. */
export function isModelId(text: string): boolean {
  return /^(?:models\/)?[a-z0-9.-]+$/.test(text) && text.split(/[-/]/).every(isModelWord);
}

const isModelWord = (word: string): boolean => MODEL_WORDS.test(word);

/** MIME types that say nothing of a file but its kind. */
const MIME_TYPES =
  /^(?:text\/(?:plain|html|css|csv|markdown|javascript|x-python)|application\/(?:json|pdf|xml|octet-stream)|image\/(?:png|jpeg|gif|webp|heic|heif)|audio\/(?:wav|mp3|mpeg|ogg|aac|flac|pcm|l16)|video\/(?:mp4|webm|mpeg|quicktime|\*))$/;

/** Strings of the network format that are codes, by what they say. */
export const CODES = {
  model: isModelId,
  role: (text: string): boolean => text === 'user' || text === 'model',
  mime: (text: string): boolean => MIME_TYPES.test(text),
  method: (text: string): boolean =>
    /^(?:(?:batch|async)?(?:generate|embed|count|create|predict|bidi|cached)(?:Content|Tokens|Text|Message|Answer|GenerateContent|LongRunning|EmbedContent|CachedContent)?(?:Stream)?|predictLongRunning|createCachedContent|batchGenerateContent|createTunedModel)$/i.test(
      text,
    ),
  label: isOwnLabel,
  detailType: (text: string): boolean =>
    /^type\.googleapis\.com\/(?:google\.rpc\.(?:ErrorInfo|RetryInfo|QuotaFailure|Help|BadRequest|LocalizedMessage|DebugInfo)|google\.internal\.alkali\.applications\.makersuite\.v1\.(?:GeminiApiErrorDetails|AiStudioErrorDetails))$/.test(
      text,
    ),
  reason: (text: string): boolean =>
    /^(?:RATE_LIMIT_EXCEEDED|API_KEY_INVALID|QUOTA_EXCEEDED|RESOURCE_EXHAUSTED|SERVICE_DISABLED|CONSUMER_INVALID|ACCESS_TOKEN_[A-Z_]+)$/.test(
      text,
    ),
} as const;

/** A kind of code. */
export type CodeKind = keyof typeof CODES;
