# The probe guests: complete kernels of half a kilobyte that QEMU boots directly. See ProbeGuest.java.
#
# A guest is an ELF file with the note that makes it a PVH kernel: QEMU enters it in 32-bit protected mode, without paging
# (Xen, docs/misc/pvh.pandoc). It goes on to long mode, with paging, since a Linux guest spends its life there. It does its
# work, and ends QEMU by isa-debug-exit. The file is assembled as a flat binary, headers and all (see build), and is loaded
# as a whole to BASE: so an address in the guest is BASE plus the position in the file.
#
# TURNS: count down from it, where it is defined. SAMPLES: take that many samples of the two clocks, where it is defined.

.set BASE, 0x100000
.set FILE_BYTES, 512
# The pages behind the file become page tables, and the place of one sample.
.set PAGE_MAP, BASE + 0x1000
.set DIRECTORY_POINTERS, BASE + 0x2000
.set DIRECTORY, BASE + 0x3000
.set SAMPLE, BASE + 0x4000
.set SAMPLE_BYTES, 10

.set DEBUG_CONSOLE, 0xE9 # isa-debugcon
.set DEBUG_EXIT, 0xF4    # isa-debug-exit, four bytes wide
.set DONE, 16            # QEMU's exit status is (DONE << 1) | 1

.set TIMER, 0x40         # channel 0 of the i8254 (Intel 8254 data sheet)
.set TIMER_CONTROL, 0x43

file:
# elf(5), Elf64_Ehdr; there are no sections
  .byte 0x7F, 'E', 'L', 'F', 2, 1, 1, 0 # 64 bit, little endian, version 1
  .quad 0
  .short 2, 62             # an executable, for x86-64
  .long 1                  # version
  .quad BASE + entry - file
  .quad program_headers - file
  .quad 0                  # no section headers
  .long 0                  # flags
  .short program_headers - file
  .short note_header - load_header, 2
  .short 0, 0, 0

# elf(5), Elf64_Phdr
program_headers:
load_header:
  .long 1, 7               # PT_LOAD; readable, writable, executable
  .quad 0, BASE, BASE, FILE_BYTES, FILE_BYTES
  .quad 4
note_header:
  .long 4, 7               # PT_NOTE
  .quad note - file, BASE + note - file, BASE + note - file, note_end - note, note_end - note
  .quad 4                  # alignment, of the note's parts too: with 8, QEMU does not find its end

note:
  .long 4, 4, 18           # XEN_ELFNOTE_PHYS32_ENTRY of Xen's public/elfnote.h
  .ascii "Xen\0"
  .long BASE + entry - file
note_end:

  .balign 8, 0
descriptors:
  .quad 0                  # never used
  .quad 0x00AF9A000000FFFF # selector 8: a 64-bit code segment, present, ring 0
descriptors_end:
descriptor_table:
  .short descriptors_end - descriptors - 1
  .long BASE + descriptors - file

# To long mode, with one page of 2 MiB at address 0: the steps of Intel's manual, volume 3, section 10.8.5
  .code32
entry:
  cli
  cld
  movl $DIRECTORY_POINTERS + 3, PAGE_MAP # present, writable
  movl $DIRECTORY + 3, DIRECTORY_POINTERS
  movl $0x83, DIRECTORY    # present, writable, a page of 2 MiB
  movl $PAGE_MAP, %eax
  movl %eax, %cr3
  movl %cr4, %eax
  orl $0x20, %eax          # PAE
  movl %eax, %cr4
  movl $0xC0000080, %ecx   # EFER
  rdmsr
  orl $0x100, %eax         # LME
  wrmsr
  movl %cr0, %eax
  orl $0x80000001, %eax    # PG, PE
  movl %eax, %cr0
  lgdt BASE + descriptor_table - file
  ljmp $8, $(BASE + in_64_bit - file)

  .code64
in_64_bit:

.ifdef TURNS
  movl $TURNS, %ecx
turn:
  decl %ecx
  jnz turn
.endif

.ifdef SAMPLES
  movb $0x34, %al          # channel 0, low byte then high byte, mode 2: down from 65536, again and again
  outb %al, $TIMER_CONTROL
  xorl %eax, %eax
  outb %al, $TIMER         # 0 stands for 65536
  outb %al, $TIMER
  movl $SAMPLES, %ebx
sample:
  rdtsc
  movl %eax, SAMPLE
  xorl %eax, %eax
  outb %al, $TIMER_CONTROL # latch channel 0
  rdtsc
  movl %eax, SAMPLE + 4
  inb $TIMER, %al
  movb %al, SAMPLE + 8
  inb $TIMER, %al
  movb %al, SAMPLE + 9
  movl $SAMPLE, %esi
  movl $SAMPLE_BYTES, %ecx
  movl $DEBUG_CONSOLE, %edx
  rep outsb
  decl %ebx
  jnz sample
.endif

  movl $DONE, %eax
  outl %eax, $DEBUG_EXIT
halted:                    # a QEMU without isa-debug-exit idles here until it is killed
  hlt
  jmp halted

  .org FILE_BYTES
