package dev.topology.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.cluster.AgentGate.Admission;
import dev.topology.cluster.AgentSession.AgentException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentGateTest {

  private static final Duration HANG = Duration.ofMinutes(10);
  private static final MachineFacts FACTS = new MachineFacts("here", 2, 1 << 30);

  private AgentGate gate;

  @BeforeEach
  void open() throws Exception {
    gate = AgentGate.open(InetAddress.getLoopbackAddress(), 2, "1.0");
  }

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void admitsEachAgentWithItsToken() throws Exception {
    for (Invitation invitation : gate.invitations()) {
      AgentSession agent = AgentSession.open(invitation, FACTS, "1.0");
      Admission admission = gate.await(HANG).orElseThrow();
      assertThat(agent.machine()).isEqualTo(admission.machine());
      assertThat(admission.facts()).isEqualTo(FACTS);
      admission.messages().send(MessageStream.message("stop"));
      assertThat(agent.messages().expect("stop")).isNotNull();
      agent.close();
      assertThat(admission.messages().next()).isEmpty();
    }
  }

  @Test
  void admitsNobodyWithAUsedOrAnUnknownToken() throws Exception {
    Invitation good = gate.invitations().get(0);
    Invitation unknown =
        new Invitation(good.host(), good.port(), good.fingerprint(), Invitation.newToken());
    AgentSession.open(good, FACTS, "1.0").close();

    for (Invitation bad : List.of(good, unknown)) {
      assertThatThrownBy(() -> AgentSession.open(bad, FACTS, "1.0"))
          .isInstanceOf(AgentException.class)
          .hasMessageEndingWith("refuses: this token is not known, or was used before");
    }
    AgentSession.open(gate.invitations().get(1), FACTS, "1.0").close();
  }

  @Test
  void refusesAnotherVersionAndLeavesItsTokenGood() throws Exception {
    Invitation invitation = gate.invitations().get(0);

    assertThatThrownBy(() -> AgentSession.open(invitation, FACTS, "0.9"))
        .hasMessageContaining("the agent is version 0.9, the coordinator 1.0");
    AgentSession.open(invitation, FACTS, "1.0").close();
  }

  @Test
  void saysNoTokenToAnotherCoordinator() throws Exception {
    try (AgentGate other = AgentGate.open(InetAddress.getLoopbackAddress(), 1, "1.0")) {
      Invitation mine = gate.invitations().get(0);
      Invitation wrong =
          new Invitation(
              mine.host(), other.invitations().get(0).port(), mine.fingerprint(), mine.token());

      assertThatThrownBy(() -> AgentSession.open(wrong, FACTS, "1.0"))
          .hasMessageEndingWith("is not the coordinator: its fingerprint is another");
      assertThat(other.await(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void isNotHeldUpByStrangers() throws Exception {
    int port = gate.invitations().get(0).port();
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket loud = new Socket(InetAddress.getLoopbackAddress(), port)) {
      loud.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

      AgentSession.open(gate.invitations().get(0), FACTS, "1.0").close();

      assertThat(gate.await(HANG)).isPresent();
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void saysThatNobodyListens() {
    Invitation invitation = gate.invitations().get(0);
    gate.close();

    assertThatThrownBy(() -> AgentSession.open(invitation, FACTS, "1.0"))
        .hasMessageStartingWith("no coordinator at 127.0.0.1:");
  }

  @Test
  void readsTheInvitationsItWrites() {
    Invitation invitation = gate.invitations().get(0);
    Invitation v6 = new Invitation("::1", 443, invitation.fingerprint(), invitation.token());

    assertThat(Invitation.parse(invitation.line() + "\n")).contains(invitation);
    assertThat(Invitation.parse(v6.line())).contains(v6);
    assertThat(invitation.toString()).doesNotContain(invitation.token());
    assertThat(Invitation.parse("topology-agent 2 a:1 b c")).isEmpty();
    assertThat(Invitation.parse(invitation.line().replaceFirst(":[0-9]+ ", ":99999 "))).isEmpty();
  }
}
