package dev.topology.run.exec;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.topology.plan.Lab;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Planner;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.AgentLink;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With an agent played by hand: a real one cannot be made to end at a chosen moment. */
class CollectedCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void failsWhereTheAgentEndsBeforeItAnswers() throws Exception {
    NodePlan plan = Planner.plan(Lab.pair(), Lab.host(), Lab.OPTIONS).nodes().get(0);
    try (NodeRun run = new NodeRun(plan, NodePorts.open(plan));
        SocketPair pair = SocketPair.stream();
        AgentLink link = new AgentLink("guest", new SocketStream(pair.near()));
        SocketStream agent = new SocketStream(pair.far())) {
      new Thread(() -> answerAllButTheStart(agent), "agent").start();
      link.greetOnce();
      NodeWaiter waiter = new NodeWaiter(run, List::of, Optional::empty);
      var command = new CollectedCommand(waiter, "its command", link, "kill $PPID");
      command.input().close();

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> command.status().get(10, TimeUnit.MINUTES))
          .withCauseInstanceOf(GuestAgentException.class)
          .withMessageContaining(
              "the guest agent of guest does not run the command: it ended before it answered");
    }
  }

  /**
   * As an agent and its successor do, where the first ends on the request that starts a command.
   */
  private static void answerAllButTheStart(SocketStream agent) {
    try {
      var lines = new BufferedReader(new InputStreamReader(agent.input(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode request = JSON.readTree(line);
        if (!request.get("execute").asText().equals("guest-exec")) {
          String answer = "{\"return\": 0, \"id\": " + request.get("id") + "}\n";
          agent.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }
}
