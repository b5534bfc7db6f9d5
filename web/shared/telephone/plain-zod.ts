/** Our content security policy lets no page make code from text, which Zod would try for speed. To be imported before any schema. */
import { config } from 'zod'

config({ jitless: true })
