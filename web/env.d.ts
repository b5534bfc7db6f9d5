declare module 'virtual:bootstrap-italia.css'
declare module '@fontsource/titillium-web/*.css'
