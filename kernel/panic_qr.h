/* SPDX-License-Identifier: MIT */
/*
 * A panic's essentials as a QR code on the screen, for a machine whose screen
 * is all there is: a telephone carries them off.
 */
#pragma once

/*
 * Paint the code over the right of the screen, where text and it have room.
 * Where it covers the sentence, that is repeated at the left, in shorter lines.
 * The cursor stays.
 *
 * essentials  what the code says; nothing, and more than there is room for, give no code
 * sentence    the panic's
 *
 * Context: the panic, while what is printed goes to the screen alone. No lock,
 * no allocation, no wait.
 */
void panic_qr_paint(const char *essentials, const char *sentence);
