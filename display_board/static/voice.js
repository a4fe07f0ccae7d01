export function playVoice() {}
