/**
 * HTML of strangers, cleaned: nothing that runs, sends, loads or lies over the page. Pictures from elsewhere are kept as they are written, without
 * being loaded: the page shows them in a frame that may load them only when the reader asks for it.
 */
import sanitize from 'sanitize-html'

/** More is not cleaned: the text is shown. */
export const maxHtmlLength = 2_000_000
/** Deeper than any letter, and shallow enough for every browser. */
const maxDepth = 200

const styles = {
  color: [/^[#\w(),.% -]{1,40}$/],
  'background-color': [/^[#\w(),.% -]{1,40}$/],
  'text-align': [/^(left|right|center|justify)$/],
  'font-weight': [/^(bold|normal|[1-9]00)$/],
  'font-style': [/^(italic|normal)$/],
  'text-decoration': [/^[a-z -]{1,40}$/],
}

/** Cleans HTML. Links open in a window of their own, which learns nothing of this one. */
export const cleanHtml = (html: string): string =>
  sanitize(html, {
    allowedTags: [
      ...['p', 'div', 'span', 'br', 'hr', 'b', 'strong', 'i', 'em', 'u', 's', 'sub', 'sup', 'small', 'pre', 'code', 'blockquote'],
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'a', 'img', 'font', 'center'],
      ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption'],
    ],
    allowedAttributes: {
      a: ['href', 'title', 'target', 'rel'],
      img: ['src', 'alt', 'width', 'height'],
      '*': ['style', 'dir', 'lang', 'align'],
      td: ['colspan', 'rowspan', 'width', 'valign'],
      th: ['colspan', 'rowspan', 'width', 'valign'],
      table: ['width', 'border', 'cellpadding', 'cellspacing'],
      font: ['color', 'size'],
    },
    allowedStyles: { '*': styles },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['https', 'http', 'cid'] },
    allowProtocolRelative: false,
    nestingLimit: maxDepth,
    transformTags: { a: sanitize.simpleTransform('a', { target: '_blank', rel: 'noopener noreferrer nofollow' }) },
  })

/** The text of cleaned HTML, for mails that have no other. */
export const textOfHtml = (html: string): string =>
  sanitize(html.replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|hr)\b[^>]{0,200}>/gi, '$&\n'), {
    allowedTags: [],
    allowedAttributes: {},
    nestingLimit: maxDepth,
    nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title', 'head'],
  })
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => entities[name] ?? '')
    .replace(/[ \t\u00a0]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" }
