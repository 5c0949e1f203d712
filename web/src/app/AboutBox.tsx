import { Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { aboutQuery } from "../api/about";
import { Capabilities } from "../ui/Capabilities";
import { Code } from "../ui/Code";
import { Loaded } from "../ui/Loaded";
import { Moment } from "../ui/Moment";

type Props = { opened: boolean; onClose: () => void };

/** Version, build and what was announced, for everybody who is signed in. */
export function AboutBox({ opened, onClose }: Props) {
  const { t } = useTranslation();
  const query = useQuery({ ...aboutQuery, enabled: opened });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("app.about.title")}
      closeButtonProps={{ "aria-label": t("ui.close") }}
    >
      <Loaded query={query}>
        {(about) => (
          <Stack gap="md">
            <Text size="sm">
              {t("app.about.version")} <Code>{about.version}</Code> · {t("app.about.build")}{" "}
              <Code>{about.build}</Code>
              {about.released_at && (
                <>
                  {" "}
                  · {t("app.about.released")} <Moment at={about.released_at} />
                </>
              )}
            </Text>
            <Capabilities capabilities={about.capabilities} />
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}
