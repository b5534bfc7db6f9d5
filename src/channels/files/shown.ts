/** Which files a browser may show by itself: nothing that could bring a script, or that browsers read in more than one way. For the pages too. */

const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** @param type as the content shows */
export const isPicture = (type: string): boolean => pictures.includes(type)
export const isShown = (type: string): boolean => isPicture(type) || type === 'application/pdf'
