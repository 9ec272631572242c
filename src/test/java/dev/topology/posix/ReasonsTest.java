package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonsTest {

  @ParameterizedTest
  @CsvSource({
    "ENOSPC, 'make room there, or move'",
    "EDQUOT, 'make room there, or move'",
    "EROFS, move",
    "EIO, move",
    "EMFILE, 'allow more open files: ulimit -n'",
    "ENFILE, 'allow more open files: ulimit -n'",
    "EAGAIN, 'allow more processes, each thread counts as one: ulimit -u'",
    "ENOMEM, free some memory",
  })
  void theRemedyFollowsTheReason(Errno errno, String remedy) {
    IOException ofCall = new SystemCallException("open", errno.intValue());
    IOException ofJdk = new FileSystemException("/x", null, errno.description());

    assertThat(Reasons.remedy(ofCall, "move")).isEqualTo(remedy);
    assertThat(Reasons.remedy(ofJdk, "move")).isEqualTo(remedy);
  }

  @Test
  void theReasonIsInWords() {
    assertThat(Reasons.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
    assertThat(Reasons.of(new FileSystemException("/x", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
  }
}
