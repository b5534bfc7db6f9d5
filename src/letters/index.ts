/** The door of letters: what is sent on paper, drawn as tagged PDF. */
export { closeLetters, drawLetters } from './draw.ts'
export { maxLettersAtOnce, PaperLetter } from './model.ts'
