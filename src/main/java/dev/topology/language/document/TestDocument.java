package dev.topology.language.document;

import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.ValueType;
import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Share;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A test of the network, as written; absent keys are null. */
public record TestDocument(
    @Key(
            value = "What the test is called in reports; unique in the file.",
            example = "the server answers",
            required = true,
            type = ValueType.TEST_NAME)
        @Nullable String name,
    @Key(
            value =
                "What is done once every node is ready, one step after the other, until one fails. "
                    + "Each test has a network of its own.",
            example = "[{node: client, run: ping -c 1 server}]",
            required = true)
        @Nullable List<@Valid @Nullable StepDocument> steps) {

  /** A step of a test, as written: one of the actions, and the keys that belong to it. */
  @Key.Alternatives(
      value = {
        "run", "console", "cut", "join", "shape", "stop", "start", "restart", "pause", "resume",
        "wait", "capture"
      },
      required = true)
  public record StepDocument(
      @Key(
              value =
                  "Runs a command on `node`: a text for the shell, or a list of a program and its "
                      + "arguments. The step succeeds when the command ends with `status` and its "
                      + "output matches `expect`.",
              example = "ping -c 1 server",
              without = "another action")
          @Nullable CommandDocument run,
      @Key(
              value = "Types `send` on the console of a node, and waits for `expect` there.",
              example = "client",
              without = "another action")
          @Nullable String console,
      @Key(
              value =
                  "Cuts a cable: by its name, or by the two nodes or switches that it alone is "
                      + "between, as in `client-router`.",
              example = "uplink",
              without = "another action")
          @Nullable String cut,
      @Key(value = "Joins a cable that was cut.", example = "uplink", without = "another action")
          @Nullable String join,
      @Key(
              value =
                  "Changes what the shaper of a cable does, by the keys of a cable: `delay`, "
                      + "`jitter`, `loss`, `duplicate`, `corrupt`, `reorder`, `rate`, `queue`. What "
                      + "is not given stays. The cable needs a shaper, as with `shaped: true`.",
              example = "uplink",
              without = "another action")
          @Nullable String shape,
      @Key(
              value = "Stops a node. The network goes on without it.",
              example = "router",
              without = "another action")
          @Nullable String stop,
      @Key(
              value = "Boots a node that has ended, and waits until it is ready.",
              example = "router",
              without = "another action")
          @Nullable String start,
      @Key(
              value =
                  "Boots a node again, whether it runs or has ended, and waits until it is ready.",
              example = "router",
              without = "another action")
          @Nullable String restart,
      @Key(
              value = "Pauses a node, its clock included.",
              example = "router",
              without = "another action")
          @Nullable String pause,
      @Key(
              value = "Resumes a node that was paused.",
              example = "router",
              without = "another action")
          @Nullable String resume,
      @Key(
              name = "wait",
              value = "Does nothing for a time.",
              example = "2s",
              without = "another action",
              type = ValueType.DURATION)
          @Nullable Duration waiting,
      @Key(
              value = "Captures a cable into `file`, as pcap, until the test ends.",
              example = "uplink",
              without = "another action")
          @Nullable String capture,
      @Key(value = "The node of `run`.", example = "client", without = "required by `run`")
          @Nullable String node,
      @Key(
              value =
                  "A line to type on the console of `console`; a line end is added. It may be empty.",
              example = "reboot",
              without = "nothing is typed")
          @Nullable String send,
      @Key(
              value =
                  "A regular expression, searched in the output of `run`, or in what `console` says "
                      + "after the step before that used it; `^` and `$` match at the ends of lines.",
              example = "'[1-3] received'",
              without = "any output will do",
              type = ValueType.REGEX)
          @Nullable Pattern expect,
      @Key(
              value = "The status with which the command of `run` has to end.",
              example = "1",
              byDefault = "0")
          @Min(0)
          @Max(255)
          @Nullable Integer status,
      @Key(
              value =
                  "How long the step may take. A `run` is run again and again until it succeeds or "
                      + "the time is over.",
              example = "10s",
              without = "`run` is run once, and `console` waits once; a minute ends either",
              type = ValueType.DURATION)
          @Nullable Duration within,
      @Key(
              value =
                  "The file of the host that `capture` writes; a capture that is there is replaced.",
              example = "uplink.pcap",
              without = "required by `capture`",
              type = ValueType.HOST_PATH)
          @Nullable HostPath file,
      @Key(
              value = "Of `shape`: how long each packet takes.",
              example = "20ms",
              without = "as before",
              type = ValueType.DELAY)
          @Nullable Duration delay,
      @Key(
              value = "Of `shape`: by how much the delay varies.",
              example = "2ms",
              without = "as before",
              type = ValueType.DELAY)
          @Nullable Duration jitter,
      @Key(
              value = "Of `shape`: how many packets are lost.",
              example = "0.5%",
              without = "as before",
              type = ValueType.SHARE)
          @Nullable Share loss,
      @Key(
              value = "Of `shape`: how many packets arrive twice.",
              example = "0.1%",
              without = "as before",
              type = ValueType.SHARE)
          @Nullable Share duplicate,
      @Key(
              value = "Of `shape`: how many packets arrive with a wrong bit.",
              example = "0.01%",
              without = "as before",
              type = ValueType.SHARE)
          @Nullable Share corrupt,
      @Key(
              value = "Of `shape`: how many packets overtake those before them.",
              example = "1%",
              without = "as before",
              type = ValueType.SHARE)
          @Nullable Share reorder,
      @Key(
              value = "Of `shape`: how many bits pass in a second.",
              example = "10Mbit",
              without = "as before",
              type = ValueType.RATE)
          @Nullable BitRate rate,
      @Key(
              value = "Of `shape`: how many bytes may wait for the rate.",
              example = "256KiB",
              without = "as before",
              type = ValueType.QUEUE)
          @Nullable Memory queue)
      implements ShapingKeys {}
}
