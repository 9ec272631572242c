# Boots node "left" of topology "odd" alone. Unlike with
# `topology up`, its console is this terminal (Ctrl-a x ends it), nobody waits for it to be
# ready, its cables lead nowhere (QEMU warns of hubs that are not connected), and so do its
# channels, its shell port and its guest agent. Host ports are bound as usual.
(
dir=$(mktemp -d /tmp/topology.XXXXXX) || exit
trap 'rm -r "$dir"' EXIT
mkfifo "$dir/control.in" "$dir/control.out" || exit
# Held open, so that the guest never finds the other side gone.
exec 3<>"$dir/control.in"
{
echo "clock $(date +%s)"
cat <<'END'
hostname left
interface eth0 02:72:82:bf:c3:56 dhcp
interface eth1 02:8f:ed:82:67:f5 10.64.0.0/31
peer right 10.64.0.1
go
END
} >"$dir/control.in" 3>&- &
/usr/bin/qemu-system-x86_64 \
  -name guest=odd.left \
  -nodefaults \
  -no-user-config \
  -nographic \
  -no-reboot \
  -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny \
  -machine microvm,acpi=on,rtc=on,pit=off,pic=off,isa-serial=on,auto-kernel-cmdline=off \
  -accel tcg \
  -cpu max,erms=off \
  -smp cpus=1 \
  -global virtio-mmio.ioeventfd=off \
  -m size=256M \
  -kernel '/my kernels/a,b/bzImage' \
  -initrd /cache/images/default/initramfs \
  -append 'reboot=t console=hvc0 quiet earlyprintk=ttyS0 panic=-1 tsc_early_khz=2100000 tsc=reliable cryptomgr.notests init_on_alloc=0 hint='\''a,b'\'' loglevel=7' \
  -object rng-builtin,id=random \
  -device virtio-rng-device,rng=random,max-bytes=1024,period=1000 \
  -device virtio-serial-device,max_ports=16 \
  -chardev stdio,id=console,mux=on,signal=off \
  -device virtconsole,chardev=console \
  -chardev 'pipe,id=control,path='"$dir"'/control' \
  -device virtserialport,chardev=control,name=topology.control \
  -chardev null,id=shell \
  -device virtserialport,chardev=shell,name=topology.shell \
  -chardev null,id=agent \
  -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0 \
  -chardev null,id=boot \
  -serial chardev:boot \
  -netdev user,id=eth0,ipv6=off,restrict=on,net=10.42.0.0/24,dhcpstart=10.42.0.10,hostname=left \
  -device virtio-net-device,netdev=eth0,mac=02:72:82:bf:c3:56,guest_announce=off \
  -netdev hubport,id=eth1,hubid=0 \
  -device virtio-net-device,netdev=eth1,mac=02:8f:ed:82:67:f5,guest_announce=off \
  -device 'ivshmem-plain,memdev=a b'
)
