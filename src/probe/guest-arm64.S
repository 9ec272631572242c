// The probe guests of arm64: complete kernels that QEMU's machine "virt" boots directly. See ProbeGuest.java.
//
// A guest is a flat binary, which QEMU loads to its place of old, 512 KiB after the start of memory, and enters as it enters
// Linux (Documentation/arch/arm64/booting.rst). It does its work, and powers the machine off by PSCI, which the machine offers
// by HVC (Arm DEN 0022, SYSTEM_OFF): QEMU then ends with status 0.
//
// TURNS: count down from it, where it is defined.

.set SYSTEM_OFF, 0x84000008

.ifdef TURNS
  movz w1, #TURNS & 0xFFFF
  movk w1, #TURNS >> 16, lsl #16
turn:
  subs w1, w1, #1
  b.ne turn
.endif

  movz w0, #SYSTEM_OFF & 0xFFFF
  movk w0, #SYSTEM_OFF >> 16, lsl #16
  hvc #0
halted:
  wfi
  b halted
