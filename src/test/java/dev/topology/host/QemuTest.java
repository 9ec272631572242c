package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QemuTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3) | 7.2.22
          QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.4)     | 8.2.2
          QEMU emulator version 10.0.0                                   | 10.0.0
          QEMU emulator version 9.1.3 (qemu-9.1.3-2.fc41)                | 9.1.3
          QEMU emulator version 2.9                                      | 2.9.0
          QEMU emulator version 9.0.50 (v9.0.0-1388-g80e8f06021-dirty)   | 9.0.50
          """)
  void readsWhatQemuPrints(String line, String version) {
    String output = line + "\nCopyright (c) 2003-2022 Fabrice Bellard and the QEMU developers\n";

    assertThat(Qemu.Version.parse(output)).map(Qemu.Version::toString).hasValue(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "qemu-img version 7.2.22",
        "QEMU emulator version ",
        "QEMU emulator version seven",
        "QEMU emulator version 99999999999.1.1",
        "\nQEMU emulator version 7.2.22"
      })
  void knowsWhatIsNotAVersion(String output) {
    assertThat(Qemu.Version.parse(output)).isEmpty();
  }

  @Test
  void comparesNumbersNotText() {
    assertThat(new Qemu.Version(10, 0, 0)).isGreaterThan(new Qemu.Version(9, 2, 0));
    assertThat(new Qemu.Version(7, 2, 22)).isGreaterThan(new Qemu.Version(7, 2, 3));
    assertThat(new Qemu.Version(7, 2, 0)).isGreaterThan(new Qemu.Version(7, 1, 9));
  }
}
