/** What a recording may be. */

export const maxRecordingMs = 5 * 60_000
/** Five minutes of 48000 samples a second, 16 bits, one channel, and some. */
export const largestRecordingBytes = 32 * 1_048_576
/** The media types under which WAV files are sent; the first one is the proper one. */
export const recordingTypes = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'] as const
