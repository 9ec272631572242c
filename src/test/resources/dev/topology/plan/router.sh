# Boots node "router" of topology "line" alone. Unlike with
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
hostname router
module br_netfilter
module 8021q
sysctl net/ipv4/tcp_syncookies 0
interface eth0 02:72:82:bf:c3:56 dhcp
interface eth1 02:41:93:60:2b:3d 10.64.0.1/31
interface eth2 02:28:d1:7e:fe:f7 10.64.0.2/31
peer left 10.64.0.0
peer right 10.64.0.3
route 10.99.0.0/16 10.64.0.3
forward
env GREETING it's
env GREETING   up
command if true; then
command   echo 'it is up'
command fi
go
END
} >"$dir/control.in" 3>&- &
/usr/bin/qemu-system-x86_64 \
  -name guest=line.router \
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
  -kernel /cache/images/default/kernel \
  -initrd /cache/images/default/initramfs \
  -append 'reboot=t console=hvc0 quiet earlyprintk=ttyS0 panic=-1 tsc_early_khz=2100000 tsc=reliable cryptomgr.notests init_on_alloc=0' \
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
  -netdev user,id=eth0,ipv6=off,restrict=on,net=10.42.0.0/24,dhcpstart=10.42.0.10,hostname=router \
  -device virtio-net-device,netdev=eth0,mac=02:72:82:bf:c3:56,guest_announce=off \
  -netdev hubport,id=eth1,hubid=1 \
  -device virtio-net-device,netdev=eth1,mac=02:41:93:60:2b:3d,guest_announce=off \
  -netdev hubport,id=eth2,hubid=2 \
  -device virtio-net-device,netdev=eth2,mac=02:28:d1:7e:fe:f7,guest_announce=off
)
