/** The door of the channels: outgoing e-mail. */
export {}
